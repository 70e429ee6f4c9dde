using System.Text.Json.Serialization;
using StablePay.Server.Api.Networks;
using StablePay.Server.Api.Quotes;
using StablePay.Server.Api.Sessions;
using StablePay.Server.Api.Testing;

namespace StablePay.Server.Api;

/// <summary>Source-generated JSON of the objects that only the API has.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(QuoteView))]
[JsonSerializable(typeof(NetworkView))]
[JsonSerializable(typeof(TestPaymentView))]
[JsonSerializable(typeof(TestClockView))]
[JsonSerializable(typeof(SimulationView))]
[JsonSerializable(typeof(UnknownSessionView))]
internal sealed partial class ApiJson : JsonSerializerContext;
