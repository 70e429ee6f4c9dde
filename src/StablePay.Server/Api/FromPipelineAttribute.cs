using Microsoft.AspNetCore.Http.Metadata;

namespace StablePay.Server.Api;

/// <summary>The pipeline hands this over: it is no part of the request, and the document does not show it.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class FromPipelineAttribute : Attribute, IFromServiceMetadata;
