namespace StablePay.Server.Api;

/// <summary>One row of the route table: how a call is reached, what it needs, what it takes and gives.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">With <c>{id}</c> for an id.</param>
/// <param name="Needs">The permission that its key must hold.</param>
internal sealed record ApiRoute(string Method, string Path, Permissions Needs, ApiHandler Handler)
{
    /// <summary>Whether the call may change something.</summary>
    public bool Writes => Method != HttpMethods.Get;

    /// <summary>
    /// Whether the nonce is claimed before the endpoint runs, for an effect that has no commit of its own to carry it.
    /// </summary>
    public bool NonceFirst { get; init; }

    /// <summary>The type that documents the body; null for none.</summary>
    public Type? Body { get; init; }

    /// <summary>The type that documents the answer.</summary>
    public Type? Answer { get; init; }

    public IReadOnlyList<QueryParameter> Query { get; init; } = [];
}

/// <summary>A query parameter as the document describes it.</summary>
internal sealed record QueryParameter(string Name, string Meaning, bool IsInteger = false);
