using Xunit.MicrosoftTestingPlatform;

namespace StablePay.Storage.Tests;

/// <summary>The test platform's entry point, but for the processes that tests start in order to kill them.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) =>
        Child.IsAsked
            ? Child.RunAsync()
            : TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
