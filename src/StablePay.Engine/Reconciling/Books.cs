using StablePay.Storage;

namespace StablePay.Engine.Reconciling;

/// <summary>What our books say that addresses hold. Pure.</summary>
internal static class Books
{
    /// <param name="movements">All transfers to and from the addresses, in blocks up to <paramref name="to"/>.</param>
    /// <param name="from">The lowest block that the answer which they are compared with may be of.</param>
    /// <param name="to">The highest.</param>
    public static IReadOnlyDictionary<TokenAt, Booked> Of(
        IEnumerable<TokenAt> accounts,
        IReadOnlyList<Movement> movements,
        long from,
        long to
    )
    {
        var sums = accounts.ToDictionary(a => (a.Address, a.Token.Contract), a => new Sums(a));
        foreach (var movement in movements.Where(m => m.Height <= to))
        {
            var isCertain = movement.Certain && movement.Height <= from;
            if (sums.TryGetValue((movement.To, movement.Contract), out var gains))
                gains.Add(movement.Atoms, isCertain);
            if (movement.IsInternal && sums.TryGetValue((movement.From, movement.Contract), out var loses))
                loses.Take(movement.Atoms, isCertain);
        }
        return sums.Values.ToDictionary(s => s.At, s => s.ToBooked());
    }

    private sealed class Sums(TokenAt at)
    {
        private UInt128 _certainIn;
        private UInt128 _possibleIn;
        private UInt128 _certainOut;
        private UInt128 _possibleOut;

        public TokenAt At => at;

        public void Add(UInt128 atoms, bool isCertain)
        {
            _possibleIn = checked(_possibleIn + atoms);
            if (isCertain)
                _certainIn = checked(_certainIn + atoms);
        }

        public void Take(UInt128 atoms, bool isCertain)
        {
            _possibleOut = checked(_possibleOut + atoms);
            if (isCertain)
                _certainOut = checked(_certainOut + atoms);
        }

        public Booked ToBooked() => new(Minus(_certainIn, _possibleOut), Minus(_possibleIn, _certainOut));

        private static UInt128 Minus(UInt128 a, UInt128 b) => a > b ? a - b : 0;
    }
}
