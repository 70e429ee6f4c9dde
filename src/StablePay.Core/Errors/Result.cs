using System.Diagnostics.CodeAnalysis;

namespace StablePay.Core.Errors;

/// <summary>A value, or the refusal that stands in its place. Expected refusals are values, never exceptions.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Rejection? rejection) => (_value, Rejection) = (value, rejection);

    public Rejection? Rejection { get; }

    [MemberNotNullWhen(false, nameof(Rejection))]
    public bool IsOk => Rejection is null;

    /// <summary>The value. Throws if this is a refusal: ask <see cref="IsOk"/> first.</summary>
    public T Value => Rejection is null ? _value! : throw new InvalidOperationException(Rejection.ToString());

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Rejection rejection) => new(default, rejection);
}
