using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace StablePay.Storage.Tests;

/// <summary>The fact holds on SQLite and on PostgreSQL; the test gets the provider's name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnBothAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod,
        DisposalTracker disposalTracker
    ) => new([new TheoryDataRow<string>("sqlite"), new TheoryDataRow<string>("postgres")]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
