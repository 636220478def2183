using DataBuild.Jobs;
using Pipeline;

return await JobHost.RunAsync(args, jobs => jobs
    .Add("daily", "daily/{date}.csv", Daily.Make)
    .Add("report", "report/{month}.md", Report.Make));
