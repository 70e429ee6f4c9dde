namespace StablePay.Chains.Evm;

/// <summary>
/// The questions to a token's contract that both virtual machines share. An answer is the bytes that the call returned:
/// none where the contract has no such function, and null where no node could tell.
/// </summary>
internal static class TokenFlags
{
    public const string Paused = "paused()";
    public const string Deprecated = "deprecated()";
    public const string Fee = "basisPointsRate()";

    /// <param name="ask">Calls a function without arguments.</param>
    public static async Task<TokenReading> ReadAsync(Token token, Func<string, Task<byte[]?>> ask) =>
        new(token)
        {
            IsPaused = FlagOf(await ask(Paused)),
            IsDeprecated = FlagOf(await ask(Deprecated)),
            FeeBasisPoints = NumberOf(await ask(Fee)),
        };

    /// <summary>Whether a fault concerns this one question: the node is there, and the next may be answered.</summary>
    public static bool IsAboutOneQuestion(this NodeException fault) =>
        fault.Fault is NodeFault.Refused or NodeFault.Malformed;

    private static bool? FlagOf(byte[]? answer) =>
        answer is null ? null
        : answer.Length == 0 ? false
        : Abi.TryReadBool(answer, out var value) ? value
        : null;

    private static UInt256? NumberOf(byte[]? answer) =>
        answer is null ? null
        : answer.Length == 0 ? default(UInt256)
        : Abi.TryReadUInt256(answer, out var value) ? value
        : null;
}
