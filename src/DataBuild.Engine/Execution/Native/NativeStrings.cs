using System.Runtime.InteropServices;
using System.Text;

namespace DataBuild.Engine.Execution.Native;

/// <summary>
/// A vector of NUL-terminated UTF-8 strings in native memory, as exec takes them. Reused from run to run, so that a start costs no
/// allocation for its arguments and environment.
/// </summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly List<int> _offsets = [];
    private byte* _block;
    private int _capacity;
    private int _used;
    private byte** _vector;
    private int _vectorCapacity;

    public int Count => _offsets.Count;

    /// <summary>Bytes that the kernel counts for it: the strings and a pointer to each.</summary>
    public long Size => _used + ((long)sizeof(byte*) * _offsets.Count);

    /// <summary>Length in bytes of the longest string, its NUL included.</summary>
    public int Longest { get; private set; }

    public void Clear()
    {
        _offsets.Clear();
        _used = 0;
        Longest = 0;
    }

    public void Add(string text)
    {
        Begin();
        Append(text);
        End();
    }

    /// <summary>A string that is encoded already, without NUL.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        Begin();
        text.CopyTo(Room(text.Length));
        _used += text.Length;
        End();
    }

    /// <summary>One string of two parts: <c>NAME=</c> and its value.</summary>
    public void Add(ReadOnlySpan<byte> name, string value)
    {
        Begin();
        name.CopyTo(Room(name.Length));
        _used += name.Length;
        Append(value);
        End();
    }

    public void AddPair(string name, string value)
    {
        Begin();
        Append(name);
        Room(1)[0] = (byte)'=';
        _used++;
        Append(value);
        End();
    }

    public byte* this[int index] => _block + _offsets[index];

    /// <summary>All strings as lines of one text. They are no strings any more thereafter: only <see cref="Clear"/> may follow.</summary>
    public ReadOnlySpan<byte> AsLines()
    {
        for (var index = 1; index <= _offsets.Count; index++)
        {
            var end = index < _offsets.Count ? _offsets[index] : _used;
            _block[end - 1] = (byte)'\n';
        }

        return new ReadOnlySpan<byte>(_block, _used);
    }

    /// <summary>Forgets the strings from this one on.</summary>
    public void CutTo(int count)
    {
        if (count < _offsets.Count)
        {
            _used = _offsets[count];
            _offsets.RemoveRange(count, _offsets.Count - count);
        }
    }

    /// <summary>The strings' addresses, ended by null; good until the next change.</summary>
    public byte** Vector()
    {
        if (_vectorCapacity < _offsets.Count + 1)
        {
            _vectorCapacity = Math.Max(64, (_offsets.Count + 1) * 2);
            _vector = (byte**)NativeMemory.Realloc(_vector, (nuint)(_vectorCapacity * sizeof(byte*)));
        }

        for (var index = 0; index < _offsets.Count; index++)
        {
            _vector[index] = _block + _offsets[index];
        }

        _vector[_offsets.Count] = null;
        return _vector;
    }

    public void Dispose()
    {
        NativeMemory.Free(_block);
        NativeMemory.Free(_vector);
        _block = null;
        _vector = null;
        _capacity = _vectorCapacity = 0;
        Clear();
    }

    private void Begin() => _offsets.Add(_used);

    private void Append(string text)
    {
        var room = Room(Encoding.UTF8.GetMaxByteCount(text.Length));
        _used += Encoding.UTF8.GetBytes(text, room);
    }

    private void End()
    {
        Room(1)[0] = 0;
        _used++;
        Longest = Math.Max(Longest, _used - _offsets[^1]);
    }

    private Span<byte> Room(int size)
    {
        if (_capacity - _used < size)
        {
            _capacity = checked(Math.Max(4096, Math.Max(_capacity * 2, _used + size)));
            _block = (byte*)NativeMemory.Realloc(_block, (nuint)_capacity);
        }

        return new Span<byte>(_block + _used, _capacity - _used);
    }
}
