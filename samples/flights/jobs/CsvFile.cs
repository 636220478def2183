using System.Text;

namespace Flights;

/// <summary>Text files of comma-separated rows below a header: UTF-8, a line feed after each row, on every machine.</summary>
static class CsvFile
{
    public static void Write(string path, string header, IEnumerable<string> rows)
    {
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        writer.WriteLine(header);
        foreach (string row in rows)
        {
            writer.WriteLine(row);
        }
    }

    public static IEnumerable<string> Rows(string path) => File.ReadLines(path).Skip(1);

    /// <summary>The columns of a row in which text may stand in double quotes.</summary>
    public static List<string> Columns(string row)
    {
        List<string> columns = [];
        var column = new StringBuilder();
        bool quoted = false;
        foreach (char c in row)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                columns.Add(column.ToString());
                column.Clear();
            }
            else
            {
                column.Append(c);
            }
        }

        columns.Add(column.ToString());
        return columns;
    }
}
