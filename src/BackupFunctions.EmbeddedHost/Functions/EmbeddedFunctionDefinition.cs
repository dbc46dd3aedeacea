namespace BackupFunctions.EmbeddedHost.Functions;

internal sealed class EmbeddedFunctionDefinition(FunctionEntry function) : FunctionDefinition
{
    public override string PathToAssembly => function.Method.DeclaringType!.Assembly.Location;

    public override string EntryPoint => function.EntryPoint;

    public override string Id => function.Name;

    public override string Name => function.Name;
}
