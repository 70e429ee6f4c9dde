namespace StablePay.Server.Options;

/// <summary>The in-process network of test mode.</summary>
public sealed class SandboxOptions
{
    /// <summary>Whether test sessions can be paid.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The time between two sandbox blocks.</summary>
    [Within(0.1, 60)]
    public TimeSpan BlockTime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Blocks until a sandbox transfer is final, its own included.</summary>
    [Within(1, 100)]
    public int Confirmations { get; set; } = 3;

    /// <summary>Whether a demo merchant with a shop at <c>/demo</c> is made at first start.</summary>
    public bool Demo { get; set; } = true;
}
