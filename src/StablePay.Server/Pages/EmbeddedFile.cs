using System.Text;

namespace StablePay.Server.Pages;

/// <summary>Files that the program carries inside itself.</summary>
internal static class EmbeddedFile
{
    public static byte[] Bytes(string name)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"{name} is not embedded.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static string Read(string name) => Encoding.UTF8.GetString(Bytes(name));
}
