extern alias reader;

using System.IO.Compression;
using DataBuild.Engine.Diagnostics;
using Microsoft.Build.Framework;
using reader::Microsoft.Build.Logging.StructuredLogger;

namespace DataBuild.Cli.Binlog;

/// <summary>One binary log, read from its beginning to its end or as far as it goes.</summary>
internal sealed class BinlogFile
{
    /// <summary>Of one embedded file: a log says its size itself, and may be anybody's.</summary>
    private const long MostBytes = 256 * 1024 * 1024;

    private readonly Dictionary<string, string> files = new(StringComparer.Ordinal);

    private BinlogFile()
    {
    }

    /// <summary>Our embedded files, by the path that they had.</summary>
    public IReadOnlyDictionary<string, string> Files => files;

    /// <summary>MSBuild wrote its last event.</summary>
    public bool IsComplete { get; private set; }

    public bool Succeeded { get; private set; }

    /// <summary>What kept it from being read to its end, if it is not merely short.</summary>
    public string Problem { get; private set; } = "";

    public static BinlogFile Read(string path, Action<BuildEventArgs> onEvent)
    {
        var log = new BinlogFile();
        long events = 0;
        Strings.Initialize();
        var source = new BinLogReader();
        source.AnyEventRaised += (_, raised) =>
        {
            events++;
            if (raised is BuildFinishedEventArgs finished)
            {
                log.IsComplete = true;
                log.Succeeded = finished.Succeeded;
            }

            onEvent(raised);
        };
        source.OnBlobRead += (kind, bytes) => log.Unpack(bytes);
        source.OnException += exception => log.Problem = exception.Message;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            source.Replay(stream);
        }
        catch (NotSupportedException newer)
        {
            throw new DataBuildException(Rules.BinlogTooNew, $"'{path}': {newer.Message} {Rules.BinlogTooNew.Cure}", null, newer);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new DataBuildException(Rules.BinlogNotFound, $"'{path}' cannot be opened: {gone.Message} {Rules.BinlogNotFound.Cure}", null, gone);
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or IOException)
        {
            log.Problem = broken.Message;
        }

        if (events == 0)
        {
            throw new DataBuildException(Rules.NotABinlog, $"'{path}' holds no event of a build{(log.Problem.Length > 0 ? $" ({log.Problem.TrimEnd('.')})" : "")}. {Rules.NotABinlog.Cure}");
        }

        log.UnpackBeside(path);
        return log;
    }

    /// <summary>With -bl:...;ProjectImports=ZipFile the files lie beside the log.</summary>
    private void UnpackBeside(string path)
    {
        string beside = Path.ChangeExtension(path, ".ProjectImports.zip");
        if (File.Exists(beside))
        {
            Unpack(File.ReadAllBytes(beside));
        }
    }

    private void Unpack(byte[] bytes)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
            foreach (var entry in archive.Entries.Where(entry => CallFiles.IsOurs(entry.FullName) && entry.Length <= MostBytes))
            {
                using var text = new StreamReader(entry.Open());
                files[entry.FullName.Replace('\\', '/')] = text.ReadToEnd();
            }
        }
        catch (InvalidDataException damaged)
        {
            Problem = damaged.Message;
        }
    }
}
