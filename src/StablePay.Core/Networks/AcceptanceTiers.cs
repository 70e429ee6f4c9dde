namespace StablePay.Core.Networks;

/// <summary>One line of a store's acceptance table.</summary>
/// <param name="UpToCents">Payments of up to so many coin cents; from 1.</param>
/// <param name="Confirmations">
/// Blocks in the chain that we follow, the transfer's own included, after which the store takes such a payment; from 1.
/// </param>
public sealed record AcceptanceTier(long UpToCents, int Confirmations);

/// <summary>
/// How deep a payment must be before a store takes it, by its amount: the store's own risk, as a block that is not
/// final may still leave the chain. What no line covers is taken when it is final. Crediting never looks at this table.
/// </summary>
public sealed class AcceptanceTiers
{
    /// <summary>More lines than anybody needs.</summary>
    public const int MostTiers = 8;

    public const int MostConfirmations = 10_000;

    public static readonly AcceptanceTiers Empty = new([]);

    private AcceptanceTiers(IReadOnlyList<AcceptanceTier> tiers) => All = tiers;

    /// <summary>By rising amount; confirmations rise with it or stay.</summary>
    public IReadOnlyList<AcceptanceTier> All { get; }

    /// <summary>A table, or what is wrong with it.</summary>
    public static Result<AcceptanceTiers> Of(IReadOnlyList<AcceptanceTier> tiers)
    {
        if (tiers.Count > MostTiers)
            return Wrong($"A table has at most {MostTiers} tiers.");
        for (var i = 0; i < tiers.Count; i++)
        {
            if (tiers[i].UpToCents is < 1 or > Coverage.MaxCents)
                return Wrong($"up_to is from 1 to {Coverage.MaxCents} coin cents.");
            if (tiers[i].Confirmations is < 1 or > MostConfirmations)
                return Wrong($"confirmations is from 1 to {MostConfirmations}.");
            if (i > 0 && tiers[i].UpToCents <= tiers[i - 1].UpToCents)
                return Wrong("Tiers come by rising up_to.");
            if (i > 0 && tiers[i].Confirmations < tiers[i - 1].Confirmations)
                return Wrong("A larger payment needs no fewer confirmations.");
        }
        return new AcceptanceTiers([.. tiers]);
    }

    /// <summary>The confirmations for a payment of this much, or null: only when it is final.</summary>
    public int? For(long dueCents) => All.FirstOrDefault(t => dueCents <= t.UpToCents)?.Confirmations;

    private static Result<AcceptanceTiers> Wrong(string message) =>
        new Rejection(ErrorCode.ParameterInvalid, message, "tiers");
}
