using StablePay.Core.Tests.Networks;
using StablePay.Core.Tests.Webhooks;

namespace StablePay.Core.Tests;

/// <summary>Every state and every input of the machines, as docs/states.md shows them.</summary>
internal static class MachineTables
{
    /// <param name="sessions">The rows of the session's table, which need a history each.</param>
    public static string Document(IEnumerable<string> sessions) =>
        $"""
            # What each input makes of each state

            Made by a test from the machines themselves; a change of behaviour is a change of this file. "Nothing" means
            that the object itself comes back; a state without an event changes amounts or nothing but the version;
            "broken" means that the program stops there, as it never asks.

            ## Sessions

            A session of 25.99 USD with USDT chosen.

            | state | input | becomes, with events |
            |---|---|---|
            {string.Join('\n', sessions)}

            ## Transfers

            | state | input | becomes |
            |---|---|---|
            {string.Join('\n', TransferMachineTests.Rows())}

            ## Deliveries

            | state | the try | becomes |
            |---|---|---|
            {string.Join('\n', DeliveryMachineTests.Rows())}

            ## Quorums

            Three nodes, of which two must agree.

            | they say | it is |
            |---|---|
            {string.Join('\n', QuorumCountTests.Rows())}

            """.ReplaceLineEndings("\n");

    /// <summary>What a decision comes to, where the machine takes the input at all.</summary>
    public static string Outcome(Func<string> decide)
    {
        try
        {
            return decide();
        }
        catch (InvariantBrokenException)
        {
            return "broken";
        }
    }
}
