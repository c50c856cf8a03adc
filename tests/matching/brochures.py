"""What brochures of several fields are full of, in three languages: two dozen items each."""

FIELDS = {
    "digital": {
        "en": "digital transformation, artificial intelligence, big data, blockchain, cloud "
        "computing, internet of things, machine learning, predictive analytics, edge "
        "computing, digital twin, open data, cybersecurity, automation, platform economy, "
        "data lake, user experience, augmented reality, virtual reality, chatbots, "
        "interoperability, dashboards, smart city, low code, agile development",
        "de": "digitale Transformation, künstliche Intelligenz, Big Data, Blockchain, Cloud "
        "Computing, Internet der Dinge, maschinelles Lernen, vorausschauende Analyse, Edge "
        "Computing, digitaler Zwilling, offene Daten, Cybersicherheit, Automatisierung, "
        "Plattformökonomie, Datensee, Nutzererlebnis, erweiterte Realität, virtuelle "
        "Realität, Chatbots, Interoperabilität, Dashboards, smarte Stadt, Low Code, agile "
        "Entwicklung",
        "fr": "transformation numérique, intelligence artificielle, mégadonnées, blockchain, "
        "informatique en nuage, internet des objets, apprentissage automatique, analyse "
        "prédictive, informatique de périphérie, jumeau numérique, données ouvertes, "
        "cybersécurité, automatisation, économie des plateformes, lac de données, "
        "expérience utilisateur, réalité augmentée, réalité virtuelle, agents "
        "conversationnels, interopérabilité, tableaux de bord, ville intelligente, faible "
        "code, développement agile",
    },
    "green": {
        "en": "sustainability, circular economy, carbon neutrality, net zero, renewable energy, "
        "biodiversity, climate resilience, green growth, energy transition, life cycle "
        "assessment, recycling, zero waste, ecodesign, carbon footprint, clean technology, "
        "nature based solutions, water stewardship, decarbonisation, green hydrogen, "
        "upcycling, low emission mobility, sustainable procurement, climate adaptation, "
        "energy efficiency",
        "de": "Nachhaltigkeit, Kreislaufwirtschaft, Klimaneutralität, Netto-Null, erneuerbare "
        "Energien, Biodiversität, Klimaresilienz, grünes Wachstum, Energiewende, Ökobilanz, "
        "Recycling, Abfallvermeidung, Ökodesign, CO₂-Fußabdruck, saubere Technologien, "
        "naturbasierte Lösungen, Wasserschutz, Dekarbonisierung, grüner Wasserstoff, "
        "Upcycling, emissionsarme Mobilität, nachhaltige Beschaffung, Klimaanpassung, "
        "Energieeffizienz",
        "fr": "durabilité, économie circulaire, neutralité carbone, zéro émission nette, énergies "
        "renouvelables, biodiversité, résilience climatique, croissance verte, transition "
        "énergétique, analyse du cycle de vie, recyclage, zéro déchet, écoconception, "
        "empreinte carbone, technologies propres, solutions fondées sur la nature, gestion "
        "de l'eau, décarbonation, hydrogène vert, surcyclage, mobilité à faibles émissions, "
        "achats durables, adaptation au climat, efficacité énergétique",
    },
    "management": {
        "en": "leadership, change management, lean processes, stakeholder engagement, quality "
        "assurance, project management, design thinking, customer centricity, value "
        "creation, key performance indicators, compliance, risk management, human "
        "resources, corporate governance, benchmarking, best practice, continuous "
        "improvement, knowledge transfer, capacity building, strategic partnerships, "
        "business development, market intelligence, supply chain excellence, operational "
        "excellence",
        "de": "Führung, Veränderungsmanagement, schlanke Prozesse, Einbindung, "
        "Qualitätssicherung, Projektmanagement, Design Thinking, Kundenorientierung, "
        "Wertschöpfung, Leistungskennzahlen, Compliance, Risikomanagement, Personalwesen, "
        "Unternehmensführung, Benchmarking, bewährte Verfahren, kontinuierliche "
        "Verbesserung, Wissenstransfer, Kompetenzaufbau, strategische Partnerschaften, "
        "Geschäftsentwicklung, Marktbeobachtung, Lieferkettenmanagement, operative "
        "Exzellenz",
        "fr": "leadership, conduite du changement, processus allégés, engagement des parties "
        "prenantes, assurance qualité, gestion de projet, pensée design, orientation "
        "client, création de valeur, indicateurs de performance, conformité, gestion des "
        "risques, ressources humaines, gouvernance d'entreprise, analyse comparative, "
        "bonnes pratiques, amélioration continue, transfert de connaissances, renforcement "
        "des capacités, partenariats stratégiques, développement commercial, veille "
        "économique, excellence logistique, excellence opérationnelle",
    },
    "health": {
        "en": "telemedicine, precision medicine, patient journey, medical devices, diagnostics, "
        "biomarkers, genomics, clinical trials, electronic health record, digital "
        "pathology, wearables, remote monitoring, prevention, rehabilitation, hospital "
        "logistics, nursing, bioinformatics, imaging, vaccines, mental health, "
        "pharmacovigilance, point of care, laboratory automation, medical informatics",
        "de": "Telemedizin, Präzisionsmedizin, Patientenpfad, Medizinprodukte, Diagnostik, "
        "Biomarker, Genomik, klinische Studien, elektronische Patientenakte, digitale "
        "Pathologie, Wearables, Fernüberwachung, Prävention, Rehabilitation, "
        "Krankenhauslogistik, Pflege, Bioinformatik, Bildgebung, Impfstoffe, psychische "
        "Gesundheit, Pharmakovigilanz, patientennahe Labordiagnostik, Laborautomation, "
        "Medizininformatik",
        "fr": "télémédecine, médecine de précision, parcours patient, dispositifs médicaux, "
        "diagnostic, biomarqueurs, génomique, essais cliniques, dossier médical "
        "électronique, pathologie numérique, objets connectés, télésurveillance, "
        "prévention, réadaptation, logistique hospitalière, soins infirmiers, "
        "bioinformatique, imagerie, vaccins, santé mentale, pharmacovigilance, biologie "
        "délocalisée, automatisation des laboratoires, informatique médicale",
    },
    "mobility": {
        "en": "mobility, logistics, last mile, electric vehicles, charging infrastructure, fleet "
        "management, autonomous driving, intermodal transport, traffic management, drones, "
        "aviation, shipping, ports, rail freight, warehousing, route optimisation, cargo "
        "bikes, public transport, ticketing, telematics, parking, maintenance, air cargo, "
        "urban logistics",
        "de": "Mobilität, Logistik, letzte Meile, Elektrofahrzeuge, Ladeinfrastruktur, "
        "Flottenmanagement, autonomes Fahren, intermodaler Verkehr, Verkehrssteuerung, "
        "Drohnen, Luftfahrt, Schifffahrt, Häfen, Schienengüterverkehr, Lagerhaltung, "
        "Routenoptimierung, Lastenräder, Nahverkehr, Ticketing, Telematik, Parken, "
        "Instandhaltung, Luftfracht, urbane Logistik",
        "fr": "mobilité, logistique, dernier kilomètre, véhicules électriques, infrastructure de "
        "recharge, gestion de flotte, conduite autonome, transport intermodal, gestion du "
        "trafic, drones, aviation, navigation, ports, fret ferroviaire, entreposage, "
        "optimisation des tournées, vélos cargo, transports publics, billettique, "
        "télématique, stationnement, maintenance, fret aérien, logistique urbaine",
    },
    "building": {
        "en": "construction, architecture, building information modelling, prefabrication, timber "
        "construction, facades, insulation, heating, ventilation, air conditioning, "
        "facility management, surveying, civil engineering, concrete, steelwork, "
        "demolition, renovation, roofing, lighting, structural design, fire safety, "
        "acoustics, geothermal energy, landscape planning",
        "de": "Bau, Architektur, Bauwerksmodellierung, Vorfertigung, Holzbau, Fassaden, Dämmung, "
        "Heizung, Lüftung, Klimatechnik, Gebäudebewirtschaftung, Vermessung, Tiefbau, "
        "Beton, Stahlbau, Abbruch, Sanierung, Dachdeckung, Beleuchtung, Tragwerksplanung, "
        "Brandschutz, Akustik, Geothermie, Landschaftsplanung",
        "fr": "construction, architecture, modélisation des bâtiments, préfabrication, "
        "construction en bois, façades, isolation, chauffage, ventilation, climatisation, "
        "gestion des installations, arpentage, génie civil, béton, charpente métallique, "
        "démolition, rénovation, toiture, éclairage, calcul de structure, sécurité "
        "incendie, acoustique, géothermie, aménagement paysager",
    },
}
