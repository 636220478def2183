# need REF...: says which of these partitions are not there and ends the run; says which were read if all are.
need() {
    lacking=
    for ref do
        [ -e "$DATABUILD_DATA_ROOT/$ref" ] || lacking="$lacking $ref"
    done
    if [ -n "$lacking" ]; then
        echo "databuild:missing-deps$lacking"
        exit 75
    fi
    echo "databuild:read-deps $*"
}
