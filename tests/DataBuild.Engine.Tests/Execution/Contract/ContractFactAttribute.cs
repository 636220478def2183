namespace DataBuild.Tests.Contract;

/// <summary>A test of the contract. Each project that tests executors has its own, which says where they cannot be tested.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ContractFactAttribute : FactAttribute;
