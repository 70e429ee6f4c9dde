namespace StablePay.Simulation.World;

/// <summary>
/// Where the continuations of one process run: one after the other, on the simulation's only thread, in an order that
/// chance chooses. When the process dies its continuations never run: nothing is unwound, no catch and no finally, as
/// when a machine loses its power.
/// </summary>
internal sealed class SimThread(SimProcess process) : SynchronizationContext
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<(SendOrPostCallback Call, object? State)> _ready = [];

    public SimProcess Process => process;

    public int Ready => _ready.Count;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException("the engine left the simulation's thread: the run proves nothing");
        _ready.Add((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs one of the continuations that wait.</summary>
    public void RunOne(int which)
    {
        var (call, state) = _ready[which];
        _ready.RemoveAt(which);
        Run(() => call(state));
    }

    /// <summary>Runs something as this process.</summary>
    public void Run(Action act)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            act();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public void Forget() => _ready.Clear();
}
