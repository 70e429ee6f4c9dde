namespace StablePay.Core.Ids;

/// <summary>Typed ids from an <see cref="IdSource"/>.</summary>
public static class TypedIds
{
    extension(IdSource source)
    {
        public TId Next<TId>(Instant now)
            where TId : struct, IId<TId> => TId.From(source.Next(TId.Prefix, now));

        public static TId Derive<TId>(Instant now, string parent, long version, int ordinal)
            where TId : struct, IId<TId> => TId.From(IdSource.Derive(TId.Prefix, now, parent, version, ordinal));
    }
}
