namespace StablePay.Engine.Access;

/// <summary>Who calls, as authentication found it, and what must be written together with the call's effect.</summary>
public sealed record Caller(ApiKey Key, Store Store, Merchant Merchant, RequestScope Scope)
{
    /// <summary>Whether the caller sees live objects or test objects; never both.</summary>
    public bool Live => Key.Live;

    /// <summary>Never the key: it would end in a log.</summary>
    public override string ToString() => Key.ToString();
}
