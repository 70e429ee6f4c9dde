using System.Text.Json;

namespace StablePay.Engine.Watching;

/// <summary>A <see cref="IHighWaterMark"/> in a small file beside the seed, replaced whole and flushed to the disk.</summary>
public sealed class HighWaterFile(string path) : IHighWaterMark
{
    private readonly Lock _writing = new();

    public long Read(string scheme)
    {
        lock (_writing)
            return Load().GetValueOrDefault(scheme);
    }

    public void Raise(string scheme, long atLeast)
    {
        lock (_writing)
        {
            var marks = Load();
            if (marks.GetValueOrDefault(scheme) >= atLeast)
                return;
            marks[scheme] = atLeast;
            var temporary = path + ".new";
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                using var writer = new Utf8JsonWriter(file);
                writer.WriteStartObject();
                foreach (var (name, value) in marks)
                    writer.WriteNumber(name, value);
                writer.WriteEndObject();
                writer.Flush();
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
    }

    private SortedDictionary<string, long> Load()
    {
        var marks = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (!File.Exists(path))
            return marks;
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (var mark in document.RootElement.EnumerateObject())
            marks[mark.Name] = mark.Value.GetInt64();
        return marks;
    }
}
