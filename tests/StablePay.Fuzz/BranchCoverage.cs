using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace StablePay.Fuzz;

/// <summary>
/// Which branches of the instrumented assemblies a run took, and how often. Where nothing is instrumented nothing is
/// ever new: the campaign is blind then, and says so.
/// </summary>
internal sealed unsafe class BranchCoverage
{
    private const int Size = 1 << 16;

    /// <summary>Never given back: instrumented code writes there for as long as the process runs.</summary>
    private readonly byte* _now = (byte*)NativeMemory.AllocZeroed(Size);
    private readonly byte[] _seen = new byte[Size];

    public BranchCoverage() => Trace.SharedMem = _now;

    /// <summary>How many different branches, counted in steps of how often, have been taken at all.</summary>
    public int Seen { get; private set; }

    public void Begin()
    {
        new Span<byte>(_now, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether the run since <see cref="Begin"/> took a branch as no run before.</summary>
    public bool IsNew()
    {
        var before = Seen;
        var words = new ReadOnlySpan<ulong>(_now, Size / 8);
        for (var word = 0; word < words.Length; word++)
        {
            if (words[word] == 0)
                continue;
            for (var at = word * 8; at < (word * 8) + 8; at++)
            {
                var often = Often(_now[at]);
                if ((often & ~_seen[at]) == 0)
                    continue;
                _seen[at] |= often;
                Seen++;
            }
        }
        return Seen > before;
    }

    /// <summary>Once, twice, some and many times are different; eleven and twelve times are not.</summary>
    private static byte Often(byte count) =>
        count switch
        {
            0 => 0,
            1 => 1,
            2 => 2,
            3 => 4,
            < 8 => 8,
            < 16 => 16,
            < 32 => 32,
            < 128 => 64,
            _ => 128,
        };
}
