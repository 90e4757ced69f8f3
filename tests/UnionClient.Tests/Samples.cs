using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using UnionDomain.Kernel.Identifiers;

namespace UnionClient.Tests;

/// <summary>Makes one value of any type that crosses the wire, with every property filled.</summary>
internal static class Samples
{
    public static object Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Of(inner);
        if (type == typeof(string)) return "示例";
        if (type == typeof(int)) return 7;
        if (type == typeof(long)) return 7L;
        if (type == typeof(bool)) return true;
        if (type == typeof(DateOnly)) return new DateOnly(2014, 6, 30);
        if (type == typeof(Guid)) return new Guid("01460000-0000-7000-8000-000000000001");
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2014, 6, 30, 1, 2, 3, TimeSpan.Zero);
        if (type == typeof(JsonElement)) return JsonElement.Parse("""{"示例":7}""");
        if (type == typeof(CardNumber)) return CardNumber.TryParse("9999990000000014", out var number, out _) ? number : throw new System.Diagnostics.UnreachableException();
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().Last();
        if (type.IsGenericType && type.GetGenericTypeDefinition() is var open)
        {
            var arguments = type.GetGenericArguments();
            if (open == typeof(IReadOnlyList<>)) return Items(arguments[0]);
            if (open == typeof(ImmutableArray<>))
                return typeof(ImmutableArray).GetMethods().Single(method => method.Name == "Create" && method.GetParameters() is [{ ParameterType.IsArray: true }]).MakeGenericMethod(arguments).Invoke(null, [Items(arguments[0])])!;
            if (open == typeof(ImmutableSortedDictionary<,>))
                return type.GetMethod("Add")!.Invoke(type.GetField("Empty")!.GetValue(null), [Of(arguments[0]), Of(arguments[1])])!;
        }

        return Filled(type);
    }

    private static Array Items(Type type)
    {
        var items = Array.CreateInstance(type, 2);
        for (var i = 0; i < items.Length; i++) items.SetValue(Of(type), i);
        return items;
    }

    private static object Filled(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(candidate => candidate.GetParameters().Length).FirstOrDefault();
        var value = constructor is null ? Activator.CreateInstance(type)! : constructor.Invoke([.. constructor.GetParameters().Select(parameter => Of(parameter.ParameterType))]);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.CanWrite) property.SetValue(value, Of(property.PropertyType));
        return value;
    }
}
