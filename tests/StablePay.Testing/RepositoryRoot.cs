namespace StablePay.Testing;

/// <summary>The folder that holds the solution.</summary>
public static class RepositoryRoot
{
    public static readonly string Path = Find();

    public static string Of(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "StablePay.slnx")))
            folder =
                System.IO.Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("not inside the repository");
        return folder;
    }
}
