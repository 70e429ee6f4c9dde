namespace StablePay.Engine.Webhooks;

/// <summary>Everything that can be asked of webhook endpoints.</summary>
public sealed record EndpointDesk(
    CreateEndpoint Create,
    FindEndpoint Find,
    ListEndpoints List,
    UpdateEndpoint Update,
    DeleteEndpoint Delete
);
