using Vpr.Client.Commands;
using Vpr.Hosting;

return HostProgram.Run("vpr-client", ClientCommandLine.Create(), args);
