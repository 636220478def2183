namespace DataBuild.Engine.Execution.Slurm;

/// <summary>Where the files of one run are in the exchange folder. Written by the engine before it is handed over, but for those that its job makes.</summary>
internal readonly record struct RunFiles(string Folder)
{
    /// <summary>For the payload: where the run works, what it starts, how long it may take.</summary>
    public string Vars => Path.Join(Folder, "vars");

    /// <summary>The script that becomes the run, in an empty environment.</summary>
    public string Start => Path.Join(Folder, "start");

    /// <summary>What it is passed of the engine's own environment; removed when it was read.</summary>
    public string Secrets => Path.Join(Folder, "secrets");

    /// <summary>The argument vector, NUL after each word.</summary>
    public string Command => Path.Join(Folder, "command");

    public string Partitions => Path.Join(Folder, "partitions");

    public string Messages => Path.Join(Folder, "messages");

    public string Output => Path.Join(Folder, "stdout");

    public string Error => Path.Join(Folder, "stderr");

    /// <summary>Made by whoever has the run: the one copy of its job that goes on, or the engine that lets none.</summary>
    public string Claim => Path.Join(Folder, "claim");

    /// <summary>Where and when it began.</summary>
    public string Started => Path.Join(Folder, "claim", "started");

    /// <summary>There if the claim is an engine's.</summary>
    public string Engine => Path.Join(Folder, "claim", "engine");

    /// <summary>Its exit file, once its end was taken in.</summary>
    public string Exit => Path.Join(Folder, "exit");
}
