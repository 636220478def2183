using System.Reflection;

namespace DataBuild.Jobs.Tests;

/// <summary>A line for each public type and member, in an order that doesn't change.</summary>
internal static class PublicApi
{
    public static IEnumerable<string> Describe(Assembly assembly) =>
        assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(Describe);

    private static IEnumerable<string> Describe(Type type)
    {
        string kind = type.IsValueType ? "struct" : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsSealed ? "sealed class" : "class";
        yield return $"{kind} {type.FullName}";
        IEnumerable<string> members = type
            .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(member => member is not MethodBase { IsSpecialName: true } or ConstructorInfo || member.Name.StartsWith("op_", StringComparison.Ordinal))
            .Select(Describe)
            .Order(StringComparer.Ordinal);
        foreach (string member in members)
        {
            yield return "  " + member;
        }
    }

    private static string Describe(MemberInfo member) => member switch
    {
        FieldInfo { IsLiteral: true } field => $"const {Name(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}",
        FieldInfo field => $"{Name(field.FieldType)} {field.Name}",
        PropertyInfo property => $"{Static(property.GetMethod!)}{Name(property.PropertyType)} {property.Name}{Index(property)} {{{(property.GetMethod is { IsPublic: true } ? " get;" : "")}{(property.SetMethod is { IsPublic: true } ? " set;" : "")} }}",
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{Static(method)}{Name(method.ReturnType)} {method.Name}{Generic(method)}({Parameters(method)})",
        _ => member.ToString()!,
    };

    private static string Index(PropertyInfo property) =>
        property.GetIndexParameters() is { Length: > 0 } index ? $"[{string.Join(", ", index.Select(parameter => Name(parameter.ParameterType)))}]" : "";

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : "";

    private static string Generic(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(
        ", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = " + (parameter.DefaultValue ?? "null") : "")}"));

    private static string Name(Type type) =>
        type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name;
}
