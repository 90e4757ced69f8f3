using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace UnionArchitecture.Tests;

/// <summary>The four floors of the house, from the rules up.</summary>
internal static class Product
{
    public static readonly string[] Floors = ["UnionDomain", "UnionClient", "UnionGrains", "UnionSilo"];

    public static Assembly Assembly(string floor) => System.Reflection.Assembly.Load(new AssemblyName(floor));

    /// <summary>Types that somebody wrote: neither the compiler's nor a source generator's.</summary>
    public static IEnumerable<Type> Types(string floor) => Assembly(floor).GetTypes().Where(type =>
        !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && !type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false)
        && !type.Name.Contains('<', StringComparison.Ordinal)
        && type.Namespace?.StartsWith(floor, StringComparison.Ordinal) == true);

    /// <summary>Every type of another assembly that the code of this one names.</summary>
    public static IReadOnlyList<string> ForeignTypes(string floor) => Read(floor, reader =>
        reader.TypeReferences.Select(reader.GetTypeReference).Select(type => Name(reader, type)).Order(StringComparer.Ordinal).ToList());

    /// <summary>Every member of another assembly that the code of this one names, <c>Namespace.Type.Member/parameters</c>.</summary>
    public static IReadOnlyList<string> ForeignMembers(string floor) => Read(floor, reader =>
        reader.MemberReferences.Select(reader.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference && member.GetKind() == MemberReferenceKind.Method)
            .Select(member => $"{Name(reader, reader.GetTypeReference((TypeReferenceHandle)member.Parent))}.{reader.GetString(member.Name)}/{Parameters(reader, member)}")
            .Order(StringComparer.Ordinal).ToList());

    private static List<string> Read(string floor, Func<MetadataReader, List<string>> select)
    {
        using var file = new PEReader(File.OpenRead(Assembly(floor).Location));
        return select(file.GetMetadataReader());
    }

    private static string Name(MetadataReader reader, TypeReference type) => $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";

    private static int Parameters(MetadataReader reader, MemberReference member)
    {
        var signature = reader.GetBlobReader(member.Signature);
        if (signature.ReadSignatureHeader().IsGeneric) signature.ReadCompressedInteger();
        return signature.ReadCompressedInteger();
    }
}
