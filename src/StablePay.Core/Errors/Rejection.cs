namespace StablePay.Core.Errors;

/// <summary>
/// A refusal: why, the sentence for the caller, and the member it concerns (dotted), where there is one.
/// </summary>
public sealed record Rejection(ErrorCode Code, string Message, string? Param = null)
{
    public override string ToString() => Param is null ? $"{Code}: {Message}" : $"{Code} ({Param}): {Message}";
}
