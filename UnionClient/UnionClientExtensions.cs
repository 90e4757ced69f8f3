using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace UnionClient;

/// <summary>Adds the client to an application.</summary>
public static class UnionClientExtensions
{
    /// <summary>Section of the configuration that <see cref="UnionClientOptions"/> are bound from.</summary>
    public const string Section = "Union:Client";

    /// <summary>
    /// Adds <see cref="IUnionClient"/> and a connection to the cluster behind <c>Union:Client:Gateways</c>. The connection is made in the background, also again when all silos were gone;
    /// calls wait for it within their total time and then fail with <c>not-connected</c>. <see cref="IUnionConnection"/> and the health check tell how it stands.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <exception cref="OptionsValidationException">When the host starts: an option is missing or outside its range.</exception>
    public static IHostApplicationBuilder AddUnionClient(this IHostApplicationBuilder builder) => builder.AddUnionClient((UnionClientOptions _) => { });

    /// <inheritdoc cref="AddUnionClient(IHostApplicationBuilder)"/>
    /// <param name="builder">The application.</param>
    /// <param name="configure">Changes to the options bound from <c>Union:Client</c>.</param>
    public static IHostApplicationBuilder AddUnionClient(this IHostApplicationBuilder builder, Action<UnionClientOptions> configure)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<UnionClientOptions>, UnionGatewaysCheck>());
        return builder.AddUnionClient(client => client.Services.AddSingleton<IGatewayListProvider, UnionGateways>(), configure);
    }

    /// <summary>
    /// Adds <see cref="IUnionClient"/> and a connection to a cluster that is found otherwise, for example by its database. Made in the background like the other one.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="connect">How the cluster is found. Its ids are those of the options unless they are configured here.</param>
    /// <param name="configure">Changes to the options bound from <c>Union:Client</c>.</param>
    public static IHostApplicationBuilder AddUnionClient(this IHostApplicationBuilder builder, Action<IClientBuilder> connect, Action<UnionClientOptions>? configure = null)
    {
        builder.Services.AddOptions<ClusterOptions>().Configure<IOptions<UnionClientOptions>>((cluster, client) => (cluster.ClusterId, cluster.ServiceId) = (client.Value.ClusterId, client.Value.ServiceId));
        builder.UseOrleansClient(connect);
        builder.Services.AddUnionFacade(configure);
        if (builder.Services.Any(service => service.ServiceType == typeof(UnionConnection))) return builder;
        // Orleans' hosted service would hold up the start of the host until a silo answers; the connection starts it instead.
        foreach (var blocking in builder.Services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory?.Method.Module.Assembly == typeof(ClientBuilder).Assembly).ToList())
            builder.Services.Remove(blocking);
        builder.Services.AddSingleton(provider => new UnionConnection(
            provider, provider.GetRequiredService<IOptions<UnionClientOptions>>(), provider.GetRequiredService<IOptions<ClusterOptions>>(), TimeProvider.System, provider.GetRequiredService<ILogger<UnionConnection>>()));
        builder.Services.AddSingleton<IUnionConnection>(provider => provider.GetRequiredService<UnionConnection>());
        builder.Services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<UnionConnection>());
        builder.Services.AddSingleton<IClientConnectionRetryFilter>(provider => provider.GetRequiredService<UnionConnection>());
        builder.Services.AddSingleton<IClusterConnectionStatusObserver>(provider => provider.GetRequiredService<UnionConnection>());
        builder.Services.Configure<ClientConnectionOptions>(connections => connections.ConfigureConnection(UnionConnection.Listen));
        builder.Services.AddOptions<ConnectionOptions>().Configure<IOptions<UnionClientOptions>>((connection, client) =>
            // Less than the pause between two attempts: an attempt that Orleans itself puts off tells nothing new.
            (connection.OpenConnectionTimeout, connection.ConnectionRetryDelay) = (client.Value.ConnectTime, client.Value.LongestPause / 2));
        // Orleans' own limit is as long as the total time: a lost answer would never be asked for again.
        builder.Services.AddOptions<ClientMessagingOptions>().Configure<IOptions<UnionClientOptions>>((messaging, client) =>
            messaging.ResponseTimeout = client.Value.AttemptTime < client.Value.TotalTime ? client.Value.AttemptTime : client.Value.TotalTime);
        return builder;
    }

    /// <summary>Adds <see cref="IUnionClient"/> over a connection that is registered already, for example the one inside a silo.</summary>
    public static IServiceCollection AddUnionFacade(this IServiceCollection services, Action<UnionClientOptions>? configure = null)
    {
        services.AddUnionWire();
        services.AddOptions<UnionClientOptions>().Configure<IServiceProvider>((options, provider) =>
        {
            if (provider.GetService<IConfiguration>() is { } configuration) options.Read(configuration.GetSection(Section));
        }).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<UnionClientOptions>, UnionClientOptionsCheck>());
        if (configure is not null) services.Configure(configure);
        services.TryAddSingleton<IUnionConnection, NoConnection>();
        services.TryAddSingleton<IUnionClient>(provider => new UnionFacade(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<IOptions<UnionClientOptions>>().Value, TimeProvider.System, provider.GetService<UnionConnection>()));
        return services;
    }
}
