using System.ComponentModel;

namespace System.Runtime.CompilerServices;

/// <summary>Lets records have init accessors on netstandard2.0.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
internal static class IsExternalInit;
