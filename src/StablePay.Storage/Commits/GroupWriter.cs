namespace StablePay.Storage;

/// <summary>
/// Writes a group of entries in one transaction. First all of them as if none would fall out, which is nearly always
/// so; if one does after it has written something, everything is undone and they run again one by one between
/// savepoints, so that it falls out alone.
/// </summary>
internal class GroupWriter(Dialect dialect)
{
    private const string Mark = "savepoint member";
    private const string Keep = "release savepoint member";
    private const string Undo = "rollback to savepoint member";

    private bool _isCommitSent;

    /// <summary>How many transactions have become durable.</summary>
    public long Transactions { get; private set; }

    /// <summary>
    /// Runs the group. On return every entry is completed; on an exception none is, and nothing happened.
    /// </summary>
    public async ValueTask RunAsync(Link link, IReadOnlyList<WriteEntry> group)
    {
        List<(WriteEntry Entry, Exception Why)> refused = [];
        try
        {
            if (!await TryTogetherAsync(link, group))
            {
                await link.RollbackAsync();
                refused = await OneByOneAsync(link, group);
            }
            _isCommitSent = true;
            await link.CommitAsync(CancellationToken.None);
            _isCommitSent = false;
            Transactions++;
        }
        catch (Exception e) when (e is not CrashException)
        {
            await link.RollbackAsync();
            throw;
        }
        foreach (var (entry, why) in refused)
            entry.Fail(why);
        foreach (var entry in group)
            entry.Complete();
    }

    /// <summary>
    /// Whether the commit statement of the failed run had been sent: then nobody knows whether it happened, and the
    /// group must not be run again. Asking forgets it.
    /// </summary>
    public bool TakeOutcomeUnknown()
    {
        var sent = _isCommitSent;
        _isCommitSent = false;
        return sent;
    }

    /// <summary>Locks of rows that several transactions want, in one order; none where one writes at a time.</summary>
    protected virtual IEnumerable<Statement> LocksOf(IReadOnlyList<WriteEntry> group) => [];

    /// <summary>Begins and runs all. False when the whole must be undone and run one by one.</summary>
    protected virtual async ValueTask<bool> TryTogetherAsync(Link link, IReadOnlyList<WriteEntry> group)
    {
        await link.BeginAsync(CancellationToken.None);
        foreach (var entry in group)
        {
            try
            {
                if (!await entry.RunAsync(link) && entry.HasWritten)
                    return false;
            }
            catch (Exception e) when (IsRefusal(e))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>An exception that concerns this entry only, not the connection or the database as a whole.</summary>
    protected bool IsRefusal(Exception exception) =>
        exception is not CrashException && dialect.Classify(exception) is Fault.Unique or Fault.Other;

    private async ValueTask<List<(WriteEntry, Exception)>> OneByOneAsync(Link link, IReadOnlyList<WriteEntry> group)
    {
        List<(WriteEntry, Exception)> refused = [];
        await link.BeginAsync(CancellationToken.None);
        foreach (var statement in LocksOf(group))
            await link.ExecuteAsync(statement.Shape, statement.Values, CancellationToken.None);
        foreach (var entry in group)
        {
            await link.ExecuteAsync(Mark, [], CancellationToken.None);
            var keep = false;
            try
            {
                keep = await entry.RunAsync(link);
            }
            catch (Exception e) when (IsRefusal(e))
            {
                if (dialect.Classify(e) != Fault.Unique || !entry.TryFallOut())
                    refused.Add((entry, Explain(e)));
            }
            if (!keep)
                await link.ExecuteAsync(Undo, [], CancellationToken.None);
            await link.ExecuteAsync(Keep, [], CancellationToken.None);
        }
        return refused;
    }

    private Exception Explain(Exception e) =>
        e is System.Data.Common.DbException && dialect.Classify(e) == Fault.Other
            ? new InvariantBrokenException($"the database refused a row: {e.Message}")
            : e;
}

/// <summary>
/// Thrown by a test's probe to stand for the death of the process: nothing may be cleaned up after it.
/// </summary>
internal sealed class CrashException : Exception;
