using System.Text;
using System.Xml;

namespace AllInOne.Server.Simulation;

/// <summary>The writer of elements as one <c>&lt;event&gt;</c> document, as a device sends them to the feed.</summary>
internal static class EventXml
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        OmitXmlDeclaration = true,
    };

    /// <summary>The document in UTF-8 with a line feed at its end, so that a person can read the stream.</summary>
    public static ReadOnlyMemory<byte> Write(IEnumerable<FeedElement> elements)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, Settings))
        {
            xml.WriteStartElement("event");
            foreach (var element in elements)
            {
                Write(xml, element);
            }

            xml.WriteEndElement();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void Write(XmlWriter xml, FeedElement element)
    {
        xml.WriteStartElement(element.Domain);
        xml.WriteAttributeString("id", element.Id);
        xml.WriteAttributeString("name", element.Name);
        WriteIfKnown(xml, "area", element.Area);
        WriteIfKnown(xml, "class", element.Class);
        WriteIfKnown(xml, "unit", element.Unit);
        foreach (var (name, value) in element.Attributes)
        {
            xml.WriteAttributeString(name, value);
        }

        xml.WriteAttributeString("state", element.State);
        xml.WriteEndElement();
    }

    private static void WriteIfKnown(XmlWriter xml, string name, string? value)
    {
        if (value is not null)
        {
            xml.WriteAttributeString(name, value);
        }
    }
}
