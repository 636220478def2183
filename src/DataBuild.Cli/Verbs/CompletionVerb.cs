using DataBuild.Cli.Output;

namespace DataBuild.Cli.Verbs;

/// <summary>`completion`: scripts for shells. All they know is how to ask this tool.</summary>
internal static class CompletionVerb
{
    private const string Bash = """
        # databuild completion for bash: eval "$(databuild completion bash)", for instance in ~/.bashrc
        _databuild() {
          local line=${COMP_LINE:0:COMP_POINT} values
          mapfile -t values < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
          # bash also parts words at : and =, and replaces the last part alone
          local word=${line##*[[:space:]]}
          local head=${word%"${COMP_WORDS[COMP_CWORD]}"}
          COMPREPLY=("${values[@]#"$head"}")
          if [[ ${#values[@]} -eq 1 && ${values[0]} == */ ]]; then compopt -o nospace; fi
        }
        complete -o default -o nosort -F _databuild databuild
        """;

    private const string Zsh = """
        #compdef databuild
        # databuild completion for zsh: eval "$(databuild completion zsh)" after compinit, for instance in ~/.zshrc
        _databuild() {
          local line="${(j: :)words[1,CURRENT]}"
          local -a values open closed
          values=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
          open=(${(M)values:#*/}) closed=(${values:#*/})
          (( ${#open} )) && compadd -Q -S '' -- $open
          (( ${#closed} )) && compadd -Q -- $closed
          (( ${#open} + ${#closed} )) || _files
        }
        compdef _databuild databuild
        """;

    private const string Fish = """
        # databuild completion for fish: databuild completion fish | source, for instance in config.fish
        function __databuild_complete
            set -l line (commandline -cp)
            databuild "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c databuild -f -a '(__databuild_complete)'
        complete -c databuild -n '__fish_seen_subcommand_from build plan backup restore' -F
        """;

    public static int Run(string shell)
    {
        using var page = Page.Plain();
        page.Line(shell switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
        return ExitCodes.Success;
    }
}
