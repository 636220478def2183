using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Files;

/// <summary>
/// What a job is made of, in parts, so that a later difference can be named. The same project in another folder, on another host, in
/// another configuration gives the same: neither full paths nor times nor the place of built programs enter.
/// </summary>
/// <param name="projectFolder">Full path of the project's folder.</param>
/// <param name="hashes">Saves reading large files again.</param>
/// <param name="clock">Tells files that were written just now.</param>
public sealed class JobFingerprinter(string projectFolder, IFileHashCache? hashes = null, TimeProvider? clock = null)
{
    /// <summary>First byte of every fingerprint. Fingerprints of different schemes cannot be compared: that is no change of the job.</summary>
    public const byte Scheme = 1;

    private readonly string project = Path.TrimEndingDirectorySeparator(Path.GetFullPath(projectFolder));
    private readonly FileObserver observer = new(hashes, clock);

    /// <summary>Fingerprints of different schemes say nothing about each other.</summary>
    public static bool AreComparable(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => one.Length > 0 && other.Length > 0 && one[0] == other[0];

    /// <param name="job">As declared.</param>
    /// <param name="command">Its argument vector, without refs.</param>
    /// <exception cref="DataBuildException">DBLD6115: a file that the job names is missing. DBLD6116: it cannot be read.</exception>
    public JobFingerprint Compute(JobDefinition job, IReadOnlyList<string> command) => Compute(job, command, out _);

    /// <inheritdoc cref="Compute(JobDefinition, IReadOnlyList{string})"/>
    /// <param name="job">As declared.</param>
    /// <param name="command">Its argument vector, without refs.</param>
    /// <param name="files">What was looked at, to tell later whether the fingerprint still holds.</param>
    public JobFingerprint Compute(JobDefinition job, IReadOnlyList<string> command, out JobFiles files)
    {
        files = new JobFiles(observer);
        var parts = new JobParts(files);
        AddCommand(parts, job, command);
        var environment = job.Environment.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (environment.Length > 0)
        {
            parts["environment"] = OfList(environment.Select(entry => WithoutProject(entry, job)).Order(StringComparer.Ordinal));
        }

        if (job.Version.Length > 0)
        {
            parts["version"] = ContentFingerprint.OfText(job.Version);
        }
        else
        {
            AddProgram(parts, job);
            AddScripts(parts, job, command);
            foreach (var source in job.Sources)
            {
                Add(parts, job, NameInProject(FullPath(source)), FullPath(source));
            }
        }

        var result = new JobFingerprint { Job = job.Label };
        var whole = new FingerprintBuilder();
        foreach (var (name, fingerprint) in parts)
        {
            whole.Add(name).Add(fingerprint);
            result.Parts.Add(new FingerprintPart { Name = name, Fingerprint = WithScheme(fingerprint) });
        }

        result.Fingerprint = WithScheme(whole.ToArray());
        return result;
    }

    private sealed class JobParts(JobFiles files) : SortedDictionary<string, byte[]>(StringComparer.Ordinal)
    {
        public JobFiles Files { get; } = files;
    }

    private static ByteString WithScheme(byte[] fingerprint) => ByteString.CopyFrom([Scheme, .. fingerprint]);

    private static byte[] OfList(IEnumerable<string> pieces) =>
        pieces.Aggregate(new FingerprintBuilder(), static (builder, piece) => builder.Add(piece)).ToArray();

    private static bool IsManaged(string file) => file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    private static bool IsExecutable(string file) => file.EndsWith(".exe", StringComparison.OrdinalIgnoreCase);

    private void AddCommand(JobParts parts, JobDefinition job, IReadOnlyList<string> command)
    {
        IReadOnlyList<string> pieces = [.. command.Select(piece => WithoutProject(piece, job))];
        if (job.Program.Length > 0)
        {
            // Where the program was built, and what runs it, is not what it is.
            var name = Path.GetFileName(job.Program);
            var at = 0;
            while (at < command.Count && Path.GetFileName(command[at]) != name)
            {
                at++;
            }

            parts["command"] = OfList([name]);
            pieces = [.. pieces.Skip(at < command.Count ? at + 1 : 0)];
            if (pieces.Count > 0)
            {
                parts["arguments"] = OfList(pieces);
            }
        }
        else
        {
            parts["command"] = OfList(pieces);
        }

        if (job.WorkingDirectory.Length > 0)
        {
            parts["working directory"] = OfList([NameInProject(FullPath(job.WorkingDirectory))]);
        }
    }

    /// <summary>
    /// The program's own files, by name within its folder: bin/Debug and bin/Release are the same. Symbols and documentation don't
    /// run, and the host executable beside a .dll is the SDK's.
    /// </summary>
    private void AddProgram(JobParts parts, JobDefinition job)
    {
        if (job.Program.Length == 0)
        {
            return;
        }

        var program = FullPath(job.Program);
        var folder = Path.GetDirectoryName(program)!;
        var files = job.ProgramFiles.Select(FullPath).Append(program).ToHashSet(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var isHost = files.Contains(file + ".dll") || (IsExecutable(file) && files.Contains(Path.ChangeExtension(file, ".dll")));
            var runs = file == program || IsManaged(file) || IsExecutable(file) || Path.GetExtension(file) is ".so" or ".dylib";
            if (runs && !isHost)
            {
                var name = file.StartsWith(folder + "/", StringComparison.Ordinal) ? file[(folder.Length + 1)..] : Path.GetFileName(file);
                Add(parts, job, name, file);
            }
        }
    }

    /// <summary>What the command names and the project holds: the script of <c>python3 jobs/daily.py</c>, but not python3.</summary>
    private void AddScripts(JobParts parts, JobDefinition job, IReadOnlyList<string> command)
    {
        var home = Home(job);
        var working = FullPath(job.WorkingDirectory);
        for (var i = 0; i < command.Count; i++)
        {
            // A first word without a slash is sought in PATH, whatever lies in the project.
            if (i == 0 && !command[i].Contains('/', StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var from in (ReadOnlySpan<string>)[working, home])
            {
                var path = command[i].Length > 0 ? Path.GetFullPath(command[i], from) : from;
                if (path.StartsWith(home + "/", StringComparison.Ordinal) && File.Exists(path))
                {
                    if (job.Program.Length == 0 || Path.GetFileName(path) != Path.GetFileName(job.Program))
                    {
                        Add(parts, job, NameInProject(path), path);
                    }

                    break;
                }
            }
        }
    }

    private void Add(JobParts parts, JobDefinition job, string name, string path)
    {
        var seen = observer.Observe(path, Stamp.Untrusted, []);
        if (!seen.Exists)
        {
            throw new DataBuildException(
                Rules.JobFileMissing,
                path == (job.Program.Length > 0 ? FullPath(job.Program) : null)
                    ? $"program '{path}' of job {job.Label} does not exist; build the project that it comes from"
                    : $"file '{path}' of job {job.Label} does not exist; correct its path, or build what makes it",
                job.Origin);
        }

        parts.Files.Add(name, path, seen);

        // A program's file and a source may have one name: then both count.
        var part = "file:" + name;
        parts[part] = parts.TryGetValue(part, out var other) && !other.AsSpan().SequenceEqual(seen.Fingerprint)
            ? new FingerprintBuilder().Add(other).Add(seen.Fingerprint).ToArray()
            : seen.Fingerprint;
    }

    private string FullPath(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, project));

    /// <summary>Folder of the project that declares the job: this one, or one that it references.</summary>
    private string Home(JobDefinition job) => FullPath(job.Folder);

    private string NameInProject(string path) => Path.GetRelativePath(project, path).Replace('\\', '/');

    /// <summary>MSBuild expands the project's folder into commands; where that is must not matter.</summary>
    private string WithoutProject(string text, JobDefinition job) => Without(Without(text, Home(job)), project);

    private static string Without(string text, string folder) =>
        text == folder ? "." : text.Replace(folder + "/", "", StringComparison.Ordinal);
}
