namespace StablePay.Engine.Rates;

/// <summary>Fetches a source's answer. The seam that tests put recorded answers into.</summary>
public interface IRateFetch
{
    /// <summary>The body. Throws <see cref="HttpRequestException"/> on any failure; the token ends it.</summary>
    Task<byte[]> GetAsync(Uri address, CancellationToken ct);
}

/// <summary>Fetches over HTTP, a mebibyte at most.</summary>
public sealed class HttpRateFetch(HttpClient http) : IRateFetch
{
    private const int MostBytes = 1024 * 1024;

    public async Task<byte[]> GetAsync(Uri address, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        // Public feeds turn away callers that do not say who they are.
        request.Headers.Add("User-Agent", "StablePay");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await body.ReadAsync(chunk, ct) is > 0 and var read)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MostBytes)
                throw new HttpRequestException("the answer is larger than a mebibyte");
        }
        return buffer.ToArray();
    }
}
