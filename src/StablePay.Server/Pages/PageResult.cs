using System.Text;

namespace StablePay.Server.Pages;

/// <summary>An HTML answer with every header that our pages carry.</summary>
internal sealed class PageResult(Html page, int status = StatusCodes.Status200OK) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        PageHeaders.Write(httpContext);
        var bytes = Encoding.UTF8.GetBytes(page.ToString());
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        httpContext.Response.ContentLength = bytes.Length;
        httpContext.Response.Headers.Vary = "Accept-Language, Cookie";
        await httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}

/// <summary>After a form comes a page, so that a reload never sends the form again.</summary>
internal sealed class SeeOther(string location) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        PageHeaders.Write(httpContext);
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = location;
        return Task.CompletedTask;
    }
}
