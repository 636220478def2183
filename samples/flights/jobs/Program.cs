using DataBuild.Jobs;
using Flights;

var ingest = new Ingest();
return await JobHost.RunAsync(args, jobs => jobs
    .Add("ingest", "raw/{date}", ingest.Make)
    .Add("daily", "daily/{date}", Daily.Make)
    .Add("weekly", "weekly/{date}", Weekly.Make)
    .Add("report", "report/{month}.html", Report.Make));
