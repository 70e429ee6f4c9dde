using StablePay.Simulation.World;

namespace StablePay.Simulation.Faults;

/// <summary>A kind of thing that happens to the world now and then.</summary>
/// <param name="Group">What the command line calls it.</param>
/// <param name="Name">With a number, it names one happening.</param>
/// <param name="Every">Seconds between two of them, in the middle.</param>
internal sealed record Happening(string Group, string Name, int Every, Action<SimWorld, Chance> Act);

/// <summary>
/// Plans what happens when. Each happening has chance of its own, so that one can be left out of a history and the
/// others stay what they are.
/// </summary>
internal sealed class Script(SimWorld world)
{
    public void Begin()
    {
        foreach (var happening in Workloads.Orders.All)
            Plan(happening, 1);
        foreach (var happening in Trouble.All.Where(h => world.Options.Faults.Contains(h.Group)))
            Plan(happening, 1);
    }

    private void Plan(Happening happening, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{happening.Name}#{number}");
        var chance = new Chance(world.Options.Seed, name);
        world.Agenda.After(
            chance.Milliseconds(happening.Every * 100, happening.Every * 1900),
            () =>
            {
                if (!world.IsTroubled)
                    return;
                if (!world.Options.Without.Contains(name))
                {
                    world.Happened.Add(name);
                    happening.Act(world, chance);
                }
                Plan(happening, number + 1);
            }
        );
    }
}
