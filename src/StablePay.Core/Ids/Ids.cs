namespace StablePay.Core.Ids;

/// <summary>An opaque id with its prefix (contract section 3). Ids of different things cannot be swapped.</summary>
public interface IId<TSelf>
    where TSelf : struct, IId<TSelf>
{
    string Value { get; }
    static abstract string Prefix { get; }
    static abstract TSelf From(string value);
}

/// <summary>The id of a merchant: the party that is owed money.</summary>
public readonly record struct MerchantId(string Value) : IId<MerchantId>
{
    public static string Prefix => "mer_";

    public static MerchantId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>The id of a store: a sales channel of a merchant.</summary>
public readonly record struct StoreId(string Value) : IId<StoreId>
{
    public static string Prefix => "st_";

    public static StoreId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>The id of a checkout session (payment).</summary>
public readonly record struct SessionId(string Value) : IId<SessionId>
{
    public static string Prefix => "sess_";

    public static SessionId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>The id of one observed token movement.</summary>
public readonly record struct TransferId(string Value) : IId<TransferId>
{
    public static string Prefix => "tr_";

    public static TransferId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>The id of a difference between our books and a chain.</summary>
public readonly record struct ReconciliationItemId(string Value) : IId<ReconciliationItemId>
{
    public static string Prefix => "rec_";

    public static ReconciliationItemId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>The id of an immutable fact.</summary>
public readonly record struct EventId(string Value) : IId<EventId>
{
    public static string Prefix => "evt_";

    public static EventId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>The id of a webhook endpoint.</summary>
public readonly record struct EndpointId(string Value) : IId<EndpointId>
{
    public static string Prefix => "we_";

    public static EndpointId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>The id of one event to one endpoint.</summary>
public readonly record struct DeliveryId(string Value) : IId<DeliveryId>
{
    public static string Prefix => "dl_";

    public static DeliveryId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>The id of durable work to do at a time.</summary>
public readonly record struct JobId(string Value) : IId<JobId>
{
    public static string Prefix => "job_";

    public static JobId From(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>The id of a ledger entry.</summary>
public readonly record struct EntryId(string Value) : IId<EntryId>
{
    public static string Prefix => "le_";

    public static EntryId From(string value) => new(value);

    public override string ToString() => Value;
}
