using System.Text;
using DataBuild.V1;

namespace DataBuild.Tasks.Publishing;

/// <summary>
/// Files of its project that a job's command names: the script of <c>python3 jobs/daily.py</c>. They are the ones that belong to its
/// fingerprint, found as the engine finds them; the engine has checked the command before this is asked.
/// </summary>
internal static class CommandFiles
{
    /// <summary>Paths relative to the project's folder.</summary>
    public static IEnumerable<string> Of(JobDefinition job, ProjectPaths paths)
    {
        var home = new ProjectPaths(Path.Combine(paths.Full(job.Folder), "any"));
        var working = new ProjectPaths(Path.Combine(paths.Full(job.WorkingDirectory), "any"));
        var words = Words(job.Command).Concat(Words(job.Arguments)).ToList();
        for (var index = 0; index < words.Count; index++)
        {
            // A first word without a slash is sought in PATH, whatever lies in the project.
            if (words[index].Length == 0 || (index == 0 && job.Command.Length > 0 && words[index].IndexOf('/') < 0))
            {
                continue;
            }

            var found = new[] { working, home }
                .Select(from => from.Full(words[index]))
                .FirstOrDefault(file => File.Exists(file) && !home.Relative(file).StartsWith("..", StringComparison.Ordinal));
            if (found is not null)
            {
                yield return paths.Relative(found);
            }
        }
    }

    /// <summary>Quoted as for a POSIX shell.</summary>
    private static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        var (inWord, quote) = (false, '\0');
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (quote == '\0' && char.IsWhiteSpace(character))
            {
                if (inWord)
                {
                    yield return word.ToString();
                }

                word.Clear();
                inWord = false;
            }
            else if (character == quote || (quote == '\0' && character is '\'' or '"'))
            {
                quote = quote == '\0' ? character : '\0';
                inWord = true;
            }
            else
            {
                if (character == '\\' && quote != '\'' && index + 1 < text.Length && (quote == '\0' || "\"\\$`".IndexOf(text[index + 1]) >= 0))
                {
                    index++;
                }

                word.Append(text[index]);
                inWord = true;
            }
        }

        if (inWord)
        {
            yield return word.ToString();
        }
    }
}
