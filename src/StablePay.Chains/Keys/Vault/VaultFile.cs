using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StablePay.Chains.Keys;

/// <summary>The text of a vault: everything but the passphrase that is needed to open it.</summary>
internal sealed record VaultFile
{
    public const string FormatName = "stablepay.vault";
    public const int CurrentVersion = 1;

    private const int LongestFile = 64 * 1024;

    public required string Format { get; init; }

    public required int Version { get; init; }

    public required string InstanceId { get; init; }

    public required string KeyId { get; init; }

    public required string Kdf { get; init; }

    public required int MemoryKib { get; init; }

    public required int Passes { get; init; }

    public required string Salt { get; init; }

    public required string Cipher { get; init; }

    public required string Seed { get; init; }

    public required string DataKey { get; init; }

    /// <summary>Tells a damaged file from a wrong passphrase; proves nothing against somebody who can count.</summary>
    public required string Checksum { get; init; }

    public VaultFile WithChecksum()
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(this with { Checksum = "" }, VaultJson.Default.VaultFile);
        return this with { Checksum = Hex(SHA256.HashData(text)) };
    }

    /// <exception cref="VaultException">There is no file, or it is not byte for byte what was written.</exception>
    public static VaultFile Read(string path)
    {
        byte[] bytes;
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > LongestFile)
                throw Damaged();
            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VaultException(VaultFault.Missing, "There is no vault at the configured path.", e);
        }

        try
        {
            var file = JsonSerializer.Deserialize(bytes, VaultJson.Default.VaultFile) ?? throw Damaged();
            if (file is { Format: FormatName, Version: > CurrentVersion })
                throw new VaultException(VaultFault.TooNew, "The vault was written by a newer version of the program.");
            // Writing it again must give the same bytes: so no change, however small, goes unseen.
            return file.WithChecksum().ToBytes().AsSpan().SequenceEqual(bytes) ? file : throw Damaged();
        }
        catch (JsonException e)
        {
            throw Damaged(e);
        }
    }

    /// <summary>
    /// Writes the file so that after a loss of power there is the old state or the new one, on the disk itself:
    /// addresses are handed out from this seed a moment later, and losing it would lose what they receive.
    /// </summary>
    public void Write(string path, bool replace)
    {
        var full = Path.GetFullPath(path);
        var directory =
            Path.GetDirectoryName(full) ?? throw new ArgumentException("The path has no folder.", nameof(path));
        // A name of its own for every attempt: two processes that start at once must not finish each other's file.
        var temporary = full + "." + Path.GetRandomFileName();
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(ToBytes());
            stream.Flush(flushToDisk: true);
        }

        if (replace || OperatingSystem.IsWindows())
            Rename(temporary, full, replace);
        else
            Link(temporary, full);
        SyncDirectory(directory);
    }

    public static VaultException Damaged(Exception? inner = null) =>
        new(
            VaultFault.Damaged,
            "The vault file is not as it was written (cut, edited, or of another instance). Restore it from its backup.",
            inner
        );

    public static VaultException Exists(Exception? inner = null) =>
        new(VaultFault.Exists, "There is a vault at the configured path already; it is never overwritten.", inner);

    public override string ToString() => "***";

    private byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, VaultJson.Default.VaultFile), (byte)'\n'];

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static void Rename(string temporary, string full, bool replace)
    {
        try
        {
            File.Move(temporary, full, replace);
        }
        catch (IOException e) when (!replace && File.Exists(full))
        {
            File.Delete(temporary);
            throw Exists(e);
        }
    }

    /// <summary>
    /// Gives the file its name unless the name is taken, in one step (link(2)). File.Move looks first and renames
    /// after, and of two that start at once the second would replace the seed that the first already hands addresses
    /// out from.
    /// </summary>
    private static void Link(string temporary, string full)
    {
        var linked = NativeMethods.Link(temporary, full);
        var error = Marshal.GetLastPInvokeError();
        File.Delete(temporary);
        if (linked == 0)
            return;
        throw File.Exists(full) ? Exists(new Win32Exception(error)) : new Win32Exception(error);
    }

    private static void SyncDirectory(string directory)
    {
        // Windows orders the rename itself and cannot open folders this way.
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = NativeMethods.Open(directory, 0);
        if (descriptor < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        var synced = NativeMethods.Sync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = NativeMethods.Close(descriptor);
        if (synced != 0)
            throw new Win32Exception(error);
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true, BestFitMapping = false)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "link", SetLastError = true, BestFitMapping = false)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Link(
            [MarshalAs(UnmanagedType.LPUTF8Str)] string existing,
            [MarshalAs(UnmanagedType.LPUTF8Str)] string name
        );

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Sync(int descriptor);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int descriptor);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = true,
    NewLine = "\n"
)]
[JsonSerializable(typeof(VaultFile))]
internal sealed partial class VaultJson : JsonSerializerContext;
