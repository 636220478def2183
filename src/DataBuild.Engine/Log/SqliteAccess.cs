namespace DataBuild.Engine.Log;

internal enum SqliteAccess
{
    /// <summary>Leaves the database as it is, also where it needs recovery.</summary>
    Read,

    /// <summary>Makes the file where there is none.</summary>
    Write,
}
