namespace StablePay.Server.Api.Wire;

/// <summary>A page of a list. This record documents the form; <see cref="ListView"/> writes it.</summary>
public sealed record ListOf<T>
{
    /// <summary>Always <c>list</c>.</summary>
    public required string Object { get; init; }

    public required IReadOnlyList<T> Data { get; init; }

    /// <summary>Whether another page follows.</summary>
    public required bool HasMore { get; init; }

    /// <summary>The path of the list.</summary>
    public required string Url { get; init; }
}
