using StablePay.Engine.Watching;

namespace StablePay.Simulation.World;

/// <summary>The mark beside the seed. It is durable when it is raised, and no backup of the database touches it.</summary>
internal sealed class SimMark : IHighWaterMark
{
    private readonly Dictionary<string, long> _marks = [];

    public long Read(string scheme) => _marks.GetValueOrDefault(scheme);

    public void Raise(string scheme, long atLeast) => _marks[scheme] = Math.Max(Read(scheme), atLeast);
}
