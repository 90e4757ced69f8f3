using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace UnionClient;

/// <summary>Adds the client to an application.</summary>
public static class UnionClientExtensions
{
    /// <summary>Section of the configuration that <see cref="UnionClientOptions"/> are bound from.</summary>
    public const string Section = "Union:Client";

    /// <summary>
    /// Adds <see cref="IUnionClient"/> and a connection to a cluster.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="connect">How the cluster is found: its gateways, cluster id and service id.</param>
    /// <param name="configure">Changes to the options bound from <c>Union:Client</c>.</param>
    public static IHostApplicationBuilder AddUnionClient(this IHostApplicationBuilder builder, Action<IClientBuilder> connect, Action<UnionClientOptions>? configure = null)
    {
        builder.UseOrleansClient(connect);
        builder.Services.AddUnionFacade(configure);
        // Orleans' own limit is as long as the total time: a lost answer would never be asked for again.
        builder.Services.AddOptions<ClientMessagingOptions>().Configure<IOptions<UnionClientOptions>>((messaging, client) => messaging.ResponseTimeout = client.Value.AttemptTime);
        return builder;
    }

    /// <summary>Adds <see cref="IUnionClient"/> over a connection that is registered already, for example the one inside a silo.</summary>
    public static IServiceCollection AddUnionFacade(this IServiceCollection services, Action<UnionClientOptions>? configure = null)
    {
        services.AddUnionWire();
        services.AddOptions<UnionClientOptions>().BindConfiguration(Section).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<UnionClientOptions>, UnionClientOptionsCheck>();
        if (configure is not null) services.Configure(configure);
        services.TryAddSingleton<IUnionClient>(provider => new UnionFacade(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<IOptions<UnionClientOptions>>().Value, TimeProvider.System));
        return services;
    }
}
