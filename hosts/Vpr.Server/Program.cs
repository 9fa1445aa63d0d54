using Vpr.Hosting;
using Vpr.Server.Commands;

return HostProgram.Run("vpr-server", ServerCommandLine.Create(), args);
