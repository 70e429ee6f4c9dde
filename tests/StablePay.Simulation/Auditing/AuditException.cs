namespace StablePay.Simulation.Auditing;

/// <summary>An invariant of the catalogue does not hold.</summary>
internal sealed class AuditException(string invariant, string words) : Exception($"{invariant}: {words}")
{
    /// <summary>Its id in the catalogue.</summary>
    public string Invariant => invariant;
}
