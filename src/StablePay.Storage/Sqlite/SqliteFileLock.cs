namespace StablePay.Storage;

/// <summary>
/// One process per SQLite file. The operating system holds the lock for as long as the process lives, so that a crash
/// leaves nothing behind that somebody would have to clean up.
/// </summary>
internal static class SqliteFileLock
{
    public static FileStream Take(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(folder, e);
        }
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (UnauthorizedAccessException e)
        {
            throw NotWritable(folder, e);
        }
        catch (IOException e)
        {
            if (!File.Exists(path + ".lock"))
                throw NotWritable(folder, e);
            throw new StartupRefusedException(
                $"Another StablePay process is using {path}. SQLite serves one process; stop the other one, or use "
                    + "PostgreSQL to run several.",
                e
            );
        }
    }

    private static StartupRefusedException NotWritable(string folder, Exception e) =>
        new(
            $"The data directory {folder} cannot be written to: {e.Message} "
                + "Give the account that runs StablePay the right to write there, or choose another directory.",
            e
        );
}
