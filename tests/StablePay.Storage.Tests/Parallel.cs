// Most of these tests wait for a disk or a server, so that more of them at once than there are processors pay off.
[assembly: Xunit.v3.Parallelization(MaxThreads = 6)]
